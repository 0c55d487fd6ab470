"""Sources of our own, for builds that no small package has."""

import os
import shutil

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sources")


def copy_sources(name, place):
    shutil.copytree(os.path.join(FOLDER, name), place.tree, dirs_exist_ok=True)
