"""From evidence to hidden flows: the log posterior, the samplers, and whether to believe them.

The samplers know a model only as a `Target`: find its mode, whiten space there, let chains learn
it better, draw, save in chunks, and judge the chains.
"""
