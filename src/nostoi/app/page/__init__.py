"""The local page: a small server on the loopback that shows one fit and answers what-ifs."""
