"""Doctor: what is wrong with a finished fit; one check per file, each returns findings."""
