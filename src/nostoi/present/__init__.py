"""Floor 6: what a reader sees.

A fit is a folder of draws; a report is one page that a planner reads in two minutes, with the
rest folded below it. This floor turns the first into the second. It computes no science: it
summarises draws (`summary`), puts them in words rounded to their uncertainty (`words`), draws them
(`chart`, `plots`, `moves_map`), and sets them beside what was published (`evidence`).

Everything that leaves passes `disclosure`: a `Gate` turns rows into `Released` rows, and the
writers of tables and figures accept nothing else. A report opens without any network and is
written whole or not at all (`report.write_report`).
"""

from nostoi.present.report import ReportPaths, write_report

__all__ = ["ReportPaths", "write_report"]
