"""Folders of the simulator Flee, read and written from a description of the format alone.

How to get a Flee folder into memory:

    from nostoi.case.flee.read import read_flee
    folder, findings = read_flee(Path("mali2012"))    # a `FleeFolder`, or None and the reasons

`FleeFolder` (`folder.py`) holds, in plain tuples and in Flee's own names:

    start, length       first day (a date) and number of days; day 0 = `start`
    locations           `Location`: name, region, country, latitude, longitude, kind (camp,
                        idp_camp, conflict, forward, marker, flood_zone, town), conflict_date
                        (day or None), number (capacity of a camp, else population; persons)
    links               `Link`: two names, km, redirection flag, further columns
    closures            `Closure`: kind (country, location, link, camp, idpcamp,
                        remove_forced_redirection), two names, first day, day of reopening
                        (-1 never)
    conflicts           name -> ((first day, first day after, intensity), ...)
    series              key -> `Series`: files, counts (date, persons) in the order of dates;
                        key `total` first, then one per camp
    corrections         (camp, date) of a new registration, in the order of the file
    settings            words of simsetting.yml -> value (empty without that file)

How to get an ordinary Nostoi case, and from it the arrays that the engine reads:

    from nostoi.case.flee.to_case import case_files     # FleeFolder -> {path: text} of a case
    from nostoi.case.load import load
    from nostoi.case.space import space_of
    space = space_of(load("cases/mali2012"))            # a `nostoi.world.space.Space`

`from_case.py` goes the other way, `write.py` writes a `FleeFolder` to disk.
"""
