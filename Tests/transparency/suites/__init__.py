"""The suites, in the order in which they run."""

from suites.bash import Bash
from suites.configure import Configure
from suites.coreutils import Coreutils
from suites.git import Git
from suites.make import Make
from suites.mksh import Mksh
from suites.perl import Perl
from suites.python import Python
from suites.ruby import Ruby
from suites.tcl import Tcl

SUITES = {suite.name: suite for suite in (
    Configure(), Perl(), Python(), Ruby(), Tcl(), Bash(), Mksh(), Make(), Git(), Coreutils())}
