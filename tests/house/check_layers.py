#!/usr/bin/python3
"""The house as design.md draws it: who may include whom, which file stands at the border of which library, and that
nothing lies where it does not belong. Run in the repository's root. Ends with 1 and every place where it does not hold."""
import pathlib
import re
import subprocess
import sys

# A folder (or file) and what it may include of the house. Includes point down only.
FLOORS = {
    "schemas/": ("schemas/",),
    "collect/": ("collect/", "schemas/"),
    "analyze/": ("analyze/", "schemas/"),
    "innsikt.c": ("schemas/", "collect/", "analyze/"),
    "samples/server/": ("samples/server/",),
    "tests/": ("tests/", "schemas/", "collect/", "analyze/", "samples/server/"),
}
# A library's headers and the files at its border; tests may look behind it.
BORDERS = {
    "curl/": ("collect/http",),
    "sqlite3.h": ("schemas/store",),
    "libfyaml.h": ("schemas/yaml.c",),
    "libstemmer.h": ("analyze/stem.c",),
    "xlsxwriter": ("analyze/workbook/cell.", "analyze/workbook/chart.", "analyze/workbook/cell_private.h"),
    "zip.h": ("analyze/workbook/package.c", "schemas/xlsx"),
    "expat.h": ("analyze/workbook/package.c", "collect/odk_record.c", "collect/odk_xform.c", "schemas/xlsx"),
    "readstat.h": ("analyze/export_sav.c",),
    "yajl/": ("collect/",),
    "gsl/": ("analyze/",),
    "microhttpd.h": ("samples/server/",),
    "zlib.h": ("samples/server/",),
    "cmocka.h": (),
    "glib": ("",),
    "gio/": ("",),
    "json-c/": ("",),
}
SYSTEM = set("""arpa/inet.h assert.h ctype.h dirent.h errno.h fcntl.h float.h glob.h inttypes.h limits.h locale.h math.h netinet/in.h
    poll.h pthread.h setjmp.h signal.h stdarg.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h sys/mman.h sys/random.h
    sys/resource.h sys/socket.h sys/stat.h sys/time.h sys/types.h sys/wait.h time.h unistd.h""".split())
TOP = {".ci", ".clang-format", ".clang-tidy", ".gitignore", "Makefile", "README.md", "analyze", "collect", "innsikt.c", "samples",
       "schemas", "tests"}
LONGEST = 700
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.M)
complaints = []
guards = {}


def expect(holds, *what):
    if not holds:
        complaints.append(" ".join(map(str, what)))


def tracked():
    """The files git knows, and new ones it would not ignore; without git, every file that is not in build/."""
    git = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True)
    if git.returncode == 0 and git.stdout:
        return [pathlib.Path(line) for line in git.stdout.splitlines() if pathlib.Path(line).exists()]
    return [p for p in pathlib.Path(".").rglob("*") if p.is_file() and p.parts[0] not in ("build", ".git")]


def check_house(path, header):
    """An include of the house: from the root, down only, and a file that is there."""
    below = next((allowed for floor, allowed in FLOORS.items() if str(path).startswith(floor)), None)
    expect(below and header.startswith(below), f"{path}: includes {header}, which its floor may not see")
    expect(pathlib.Path(header).exists(), f"{path}: includes {header}, which is not there by that path from the root")


def check_library(path, header):
    if header in SYSTEM:
        return
    border = next((files for library, files in BORDERS.items() if header.startswith(library)), None)
    expect(border is not None, f"{path}: includes <{header}>, which no table of this test knows")
    if border is not None and not str(path).startswith("tests/"):
        expect(str(path).startswith(border), f"{path}: includes <{header}>, whose border is {' '.join(border) or 'tests/'}")


def check_source(path):
    text = path.read_text()
    includes = list(INCLUDE.finditer(text))
    for include in includes:
        if include[1]:
            check_house(path, include[1])
        else:
            check_library(path, include[2])
    own = path.with_suffix(".h")
    if path.suffix == ".c" and own.exists() and includes:
        private = str(own).replace(".h", "_private.h")
        expect(includes[0][1] in (str(own), private), f"{path}: its own header is not its first include")
    if path.suffix == ".h":
        guard = re.search(r"#ifndef (INNSIKT_\w+)\n#define \1\n", text)
        name = re.sub(r"[^A-Z0-9]", "_", path.name.upper())
        expect(guard and guard[1].endswith(name), f"{path}: has no include guard INNSIKT_…_{name}")
        expect(guard and guard[1] not in guards, f"{path}: has the include guard of {guard and guards.get(guard[1])}")
        guards.setdefault(guard and guard[1], path)
    lines = text.count("\n")
    expect(lines <= LONGEST, f"{path}: has {lines} lines, more than {LONGEST}")


files = tracked()
for file in files:
    expect(file.parts[0] in TOP, f"{file.parts[0]}: does not belong at the top of the house")
sources = [file for file in files if file.suffix in (".c", ".h")]
for file in sources:
    check_source(file)
for complaint in complaints:
    print(complaint)
print(f"{len(sources)} sources, {len(complaints)} complaints")
sys.exit(1 if complaints or not sources else 0)
