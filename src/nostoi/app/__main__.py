"""``python -m nostoi.app`` is the same as ``nostoi``."""

from nostoi.app.cli import main

if __name__ == "__main__":
    main()
