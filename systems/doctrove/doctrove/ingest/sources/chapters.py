"""The chapters of Python's library reference and the modules that have a page in each.

Source: the table of contents of the library reference of Python 3.11 to 3.14.
"""

from __future__ import annotations

__all__ = ["CHAPTERS", "chapter_of", "page_of"]

CHAPTERS = {
    "Built-in names": "builtins",
    "Text processing": "string re difflib textwrap unicodedata stringprep readline rlcompleter",
    "Binary data": "struct codecs",
    "Data types": (
        "datetime zoneinfo calendar collections collections.abc heapq bisect array weakref types copy pprint"
        " reprlib enum graphlib"
    ),
    "Numbers and mathematics": "numbers math cmath decimal fractions random statistics",
    "Functional programming": "itertools functools operator",
    "Files and directories": "pathlib os.path stat filecmp tempfile glob fnmatch linecache shutil fileinput",
    "Data persistence": "pickle copyreg shelve marshal dbm sqlite3",
    "Compression and archives": "zlib gzip bz2 lzma zipfile tarfile compression compression.zstd",
    "File formats": "csv configparser tomllib netrc plistlib xdrlib",
    "Cryptography": "hashlib hmac secrets crypt",
    "Operating system": (
        "os io time argparse optparse getopt logging logging.config logging.handlers getpass curses"
        " curses.ascii curses.panel curses.textpad platform errno ctypes posix pwd grp termios tty pty"
        " fcntl resource syslog cmdline msvcrt winreg winsound nis spwd pipes posixpath ntpath genericpath"
    ),
    "Concurrency": (
        "threading multiprocessing multiprocessing.shared_memory concurrent.futures concurrent.interpreters"
        " subprocess sched queue contextvars"
    ),
    "Networking": "asyncio socket ssl select selectors signal mmap asyncore asynchat",
    "Internet data": "email json mailbox mimetypes base64 binascii quopri uu binhex mailcap",
    "Markup": (
        "html html.parser html.entities xml.etree.elementtree xml.dom xml.dom.minidom xml.dom.pulldom xml.sax"
        " xml.sax.handler xml.sax.saxutils xml.sax.xmlreader xml"
    ),
    "Internet protocols": (
        "webbrowser wsgiref urllib urllib.request urllib.response urllib.parse urllib.error "
        "urllib.robotparser http http.client ftplib poplib imaplib smtplib uuid socketserver http.server"
        " http.cookies http.cookiejar xmlrpc xmlrpc.client xmlrpc.server ipaddress cgi cgitb nntplib"
        " telnetlib smtpd"
    ),
    "Multimedia": "wave colorsys audioop aifc sunau chunk sndhdr ossaudiodev imghdr",
    "Internationalisation": "gettext locale",
    "User interfaces": (
        "tkinter tkinter.colorchooser tkinter.font tkinter.messagebox tkinter.scrolledtext tkinter.dnd"
        " tkinter.ttk idlelib turtle cmd shlex turtledemo"
    ),
    "Development tools": (
        "typing pydoc doctest unittest unittest.mock bdb faulthandler pdb timeit trace tracemalloc profile"
        " cProfile pstats lib2to3"
    ),
    "Packaging": "ensurepip venv zipapp distutils",
    "Runtime": (
        "sys sysconfig warnings dataclasses contextlib abc atexit traceback gc inspect annotationlib site"
        " code codeop this antigravity sre_compile sre_parse sre_constants opcode"
    ),
    "Importing": (
        "zipimport pkgutil modulefinder runpy importlib importlib.resources importlib.resources.abc"
        " importlib.metadata imp nturl2path"
    ),
    "The language": (
        "ast symtable token keyword tokenize tabnanny pyclbr py_compile compileall dis pickletools encodings"
    ),
}
_BY_MODULE = {module: chapter for chapter, modules in CHAPTERS.items() for module in modules.split()}
_WITHOUT_PAGE = {
    "builtins",
    "posixpath",
    "ntpath",
    "genericpath",
    "encodings",
    "opcode",
    "this",
    "antigravity",
}


def chapter_of(module: str) -> str:
    """The chapter of a module of the standard library, by its own name or the nearest package above it."""
    return next(
        (_BY_MODULE[name] for name in _upwards(module.lower()) if name in _BY_MODULE), "Other modules"
    )


def page_of(module: str) -> str | None:
    """The name of the page in the library reference that describes a module, if there is one."""
    return next(
        (n for n in _upwards(module.lower()) if n in _BY_MODULE and n not in _WITHOUT_PAGE),
        None,
    )


def _upwards(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
