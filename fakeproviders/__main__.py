"""``python -m fakeproviders``."""

from fakeproviders.cli.main import main

if __name__ == "__main__":
    main()
