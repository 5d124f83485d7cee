"""Playlists (RFC 8216bis) as text: no clock, no files, the same timeline gives the same bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from golmok.media.timeline import Epoch, Segment, Timeline

PART_TARGET = 0.5
"""Seconds. Fixed for the life of a stream: Apple's players give up when it changes."""
PART_HOLD_BACK = 1.0
"""Seconds behind the edge: twice PART_TARGET, the least the standard allows; three times costs 0.5 s more."""
TARGET_DURATION = 4
"""Seconds; an EXTINF may round to it, so segments stay under 4.5 s."""
WINDOW = 30.0
"""Seconds of segments in a live playlist."""
PARTS_WINDOW = 3 * TARGET_DURATION
"""Seconds from the edge in which parts are listed."""


@dataclass(frozen=True)
class Variant:
    """One rendition's line in the multivariant playlist."""

    name: str
    epoch: Epoch
    peak: int
    """Bits per second of its heaviest segment."""


def media_playlist(timeline: Timeline) -> str:
    """The media playlist of a running show, or of a replay once the timeline is over."""
    return _playlist(timeline, timeline.segments if timeline.over else _window(timeline.segments))


def farewell_playlist(timeline: Timeline) -> str:
    """The end of a show for those who watch it live: hls.js loses its place when the whole show appears."""
    return _playlist(timeline, _window(timeline.segments))


def _playlist(timeline: Timeline, listed: Sequence[Segment]) -> str:
    lines = [*_head(timeline, listed), *_segments(timeline, listed)]
    if timeline.over:
        lines.append("#EXT-X-ENDLIST")
    else:
        segment, part = timeline.edge
        lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{segment}.{part}.m4s"')
    return "\n".join(lines) + "\n"


def multivariant_playlist(variants: Sequence[Variant]) -> str:
    lines = ["#EXTM3U", "#EXT-X-VERSION:6"]
    for variant in variants:
        epoch = variant.epoch
        lines += [
            f"#EXT-X-STREAM-INF:BANDWIDTH={variant.peak},RESOLUTION={epoch.width}x{epoch.height},"
            f'CODECS="{epoch.codecs}"',
            f"{variant.name}/media.m3u8",
        ]
    return "\n".join(lines) + "\n"


def _window(segments: Sequence[Segment]) -> Sequence[Segment]:
    seconds, first = 0.0, len(segments)
    while first > 0 and seconds < WINDOW:
        first -= 1
        seconds += segments[first].seconds
    return segments[first:]


def _head(timeline: Timeline, listed: Sequence[Segment]) -> Iterator[str]:
    first = listed[0].number if listed else 0
    gone = sum(segment.discontinuity for segment in timeline.segments[:first])
    yield from ("#EXTM3U", "#EXT-X-VERSION:6", f"#EXT-X-TARGETDURATION:{TARGET_DURATION}")
    if timeline.over and first == 0:
        yield "#EXT-X-PLAYLIST-TYPE:VOD"
    if not timeline.over:
        yield f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={PART_HOLD_BACK}"
        yield f"#EXT-X-PART-INF:PART-TARGET={PART_TARGET}"
    yield f"#EXT-X-MEDIA-SEQUENCE:{first}"
    yield f"#EXT-X-DISCONTINUITY-SEQUENCE:{gone}"


def _segments(timeline: Timeline, listed: Sequence[Segment]) -> Iterator[str]:
    left = sum(segment.seconds for segment in listed)
    epoch = 0
    for segment in listed:
        if segment.discontinuity:
            yield "#EXT-X-DISCONTINUITY"
        if segment.epoch != epoch:
            epoch = segment.epoch
            yield f'#EXT-X-MAP:URI="init-{epoch}.mp4"'
        yield f"#EXT-X-PROGRAM-DATE-TIME:{_programme_time(timeline.epochs[epoch], segment.start)}"
        left -= segment.seconds
        if not timeline.over and not segment.solid and left < PARTS_WINDOW:
            yield from _parts(segment)
        if segment.whole:
            yield f"#EXTINF:{segment.seconds:.5f},"
            yield f"{segment.number}.m4s"


def _parts(segment: Segment) -> Iterator[str]:
    for number, part in enumerate(segment.parts):
        key = ",INDEPENDENT=YES" if part.key else ""
        yield f'#EXT-X-PART:DURATION={part.seconds:.5f},URI="{segment.number}.{number}.m4s"{key}'


def _programme_time(epoch: Epoch, start: float) -> str:
    when = datetime.fromtimestamp(epoch.at / 1000 + start, UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
