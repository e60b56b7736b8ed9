"""Floor 2: a case on disk, read, resolved and checked.

A case is a folder. `load` reads it or refuses it with all complaints at once; `check` gives the
complaints and the account of the evidence without raising; `resolve` turns the short form that
people write into the full form that everything downstream reads.
"""
