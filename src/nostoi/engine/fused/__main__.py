"""Compiles the loops into the cache folder, so that the first fit need not: part of the set-up."""

from nostoi.base.numerics import prepare


def main() -> None:
    """Compiles, or does nothing where the cache has them."""
    prepare()
    from nostoi.base.operation import SMALL
    from nostoi.engine.fused.operation import available

    available()
    SMALL.available()


if __name__ == "__main__":
    main()
