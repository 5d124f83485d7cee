"""Playlists compared as whole texts."""

from golmok.media.playlist import Variant, media_playlist, multivariant_playlist
from golmok.media.timeline import Epoch, Part, Timeline

AT = 1_658_310_000_000
FIRST = Epoch(1, AT, "avc1.42c01f,mp4a.40.2", 1280, 720)
SECOND = Epoch(2, AT + 60_000, "avc1.42c01e,mp4a.40.2", 640, 360)


def grown(timeline: Timeline, *seconds: float, whole: bool = True) -> Timeline:
    for number, length in enumerate(seconds):
        timeline.add(Part(length, number == 0, 1000), {1: 1}, 0)
    if whole:
        timeline.close_segment()
    return timeline


def begun(epoch: Epoch = FIRST) -> Timeline:
    timeline = Timeline()
    timeline.begin(epoch, 0)
    return timeline


def test_live_playlist_lists_parts_and_hints_at_the_next() -> None:
    timeline = grown(grown(begun(), 1.0, 1.0), 0.3, 0.25, whole=False)
    assert media_playlist(timeline) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:6\n"
        "#EXT-X-TARGETDURATION:4\n"
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.0\n"
        "#EXT-X-PART-INF:PART-TARGET=0.5\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        '#EXT-X-MAP:URI="init-1.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2022-07-20T09:40:00.000Z\n"
        '#EXT-X-PART:DURATION=1.00000,URI="0.0.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=1.00000,URI="0.1.m4s"\n'
        "#EXTINF:2.00000,\n"
        "0.m4s\n"
        "#EXT-X-PROGRAM-DATE-TIME:2022-07-20T09:40:02.000Z\n"
        '#EXT-X-PART:DURATION=0.30000,URI="1.0.m4s",INDEPENDENT=YES\n'
        '#EXT-X-PART:DURATION=0.25000,URI="1.1.m4s"\n'
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="1.2.m4s"\n'
    )


def test_new_epoch_is_a_discontinuity_with_its_own_map_and_clock() -> None:
    timeline = grown(begun(), 2.0)
    timeline.begin(SECOND, 0)
    grown(timeline, 2.0)
    timeline.end()
    assert media_playlist(timeline) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:6\n"
        "#EXT-X-TARGETDURATION:4\n"
        "#EXT-X-PLAYLIST-TYPE:VOD\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        '#EXT-X-MAP:URI="init-1.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2022-07-20T09:40:00.000Z\n"
        "#EXTINF:2.00000,\n"
        "0.m4s\n"
        "#EXT-X-DISCONTINUITY\n"
        '#EXT-X-MAP:URI="init-2.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2022-07-20T09:41:00.000Z\n"
        "#EXTINF:2.00000,\n"
        "1.m4s\n"
        "#EXT-X-ENDLIST\n"
    )


def test_window_slides_and_counts_the_discontinuities_that_left_it() -> None:
    timeline = grown(begun(), 2.0)
    timeline.begin(SECOND, 0)
    for _ in range(20):
        grown(timeline, 2.0)
    text = media_playlist(timeline)
    assert "#EXT-X-MEDIA-SEQUENCE:6\n#EXT-X-DISCONTINUITY-SEQUENCE:1\n" in text
    assert "#EXT-X-DISCONTINUITY\n" not in text
    assert text.count("#EXTINF") == 15
    assert text.count("#EXT-X-PART:") == 6, "parts of the last three target durations only"


def test_a_discontinuity_still_listed_is_not_counted_yet() -> None:
    timeline = grown(begun(), 2.0)
    timeline.begin(SECOND, 0)
    for _ in range(15):
        grown(timeline, 2.0)
    text = media_playlist(timeline)
    assert "#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n#EXT-X-DISCONTINUITY\n" in text


def test_replay_lists_everything() -> None:
    timeline = begun()
    for _ in range(40):
        grown(timeline, 2.0)
    timeline.end()
    text = media_playlist(timeline)
    assert text.count("#EXTINF") == 40
    assert "EXT-X-PART" not in text


def test_part_longer_than_the_target_is_offered_as_a_segment_only() -> None:
    timeline = begun()
    timeline.add(Part(1.5, True, 1000), {1: 1}, 0, solid=True)
    timeline.close_segment()
    text = media_playlist(timeline)
    assert "#EXTINF:1.50000,\n0.m4s\n" in text
    assert "#EXT-X-PART:" not in text


def test_multivariant_playlist_names_what_the_picture_really_is() -> None:
    variants = [Variant("source", FIRST, 2_600_000), Variant("saver", SECOND, 700_000)]
    assert multivariant_playlist(variants) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:6\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=2600000,RESOLUTION=1280x720,CODECS="avc1.42c01f,mp4a.40.2"\n'
        "source/media.m3u8\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=700000,RESOLUTION=640x360,CODECS="avc1.42c01e,mp4a.40.2"\n'
        "saver/media.m3u8\n"
    )
