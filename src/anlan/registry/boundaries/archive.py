"""The parts of a zipped Shapefile, unpacked within limits."""

import zipfile
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from anlan.kernel.sheets.safety import inflated, members_of
from anlan.kernel.sheets.unusable import UnusableFile
from anlan.registry.boundaries.features import UnusableBoundaries

MAX_UNPACKED = 300 * 1024 * 1024
PARTS = (".shp", ".dbf", ".prj")
NEEDED = (".shp", ".dbf")
IS_ENCRYPTED = 0x1


def parts_of(content: bytes) -> dict[str, bytes]:
    """Return the parts of the one Shapefile in a zip by their ending, for example `.shp`.

    Raises UnusableBoundaries for a zip that is broken, locked, too large when unpacked, or that
    holds no Shapefile or several.
    """
    try:
        found = _chosen(members_of(content))
        return {ending: _unpacked(content, member) for ending, member in found.items()}
    except UnusableFile as error:
        raise UnusableBoundaries(
            _("The zip file is damaged or incomplete: pack the Shapefile anew and upload it again.")
        ) from error


def _chosen(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    shapes = [m for m in members if _ending(m) == ".shp" and not _is_shadow(m)]
    if len(shapes) != 1:
        raise UnusableBoundaries(
            _("The zip file holds %(count)d Shapefiles (.shp), it must hold exactly one.")
            % {"count": len(shapes)}
        )
    stem = PurePosixPath(shapes[0].filename.replace("\\", "/")).with_suffix("")
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.with_suffix("") == stem and path.suffix.lower() in PARTS:
            found[path.suffix.lower()] = member
    _check(found)
    return found


def _check(found: dict[str, zipfile.ZipInfo]) -> None:
    for ending in NEEDED:
        if ending not in found:
            raise UnusableBoundaries(
                _("The zip file lacks the %(ending)s part of the Shapefile: add it.")
                % {"ending": ending}
            )
    if any(member.flag_bits & IS_ENCRYPTED for member in found.values()):
        raise UnusableBoundaries(_("The zip file has a password: pack it without one."))
    if sum(member.file_size for member in found.values()) > MAX_UNPACKED:
        raise UnusableBoundaries(
            _("The zip file unpacks to more than %(most)d MB: send one county at a time.")
            % {"most": MAX_UNPACKED // 1024 // 1024}
        )


def _unpacked(content: bytes, member: zipfile.ZipInfo) -> bytes:
    return b"".join(inflated(content, member))


def _ending(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.lower()


def _is_shadow(member: zipfile.ZipInfo) -> bool:
    """Tell whether a Mac put the member beside the real one."""
    name = PurePosixPath(member.filename.replace("\\", "/"))
    return name.name.startswith("._") or "__MACOSX" in name.parts
