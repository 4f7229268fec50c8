"""`python -m fastness` is the `fastness` command."""

from fastness.cli import main

if __name__ == "__main__":
    main()
