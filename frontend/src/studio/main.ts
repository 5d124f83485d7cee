/** The merchant's studio: the list of shows needs only its looks, a show needs everything. */
import "@styles/studio.css";
import commonEn from "@messages/en/common.ftl?raw";
import studioEn from "@messages/en/studio.ftl?raw";
import viewerEn from "@messages/en/viewer.ftl?raw";
import commonKo from "@messages/ko/common.ftl?raw";
import studioKo from "@messages/ko/studio.ftl?raw";
import viewerKo from "@messages/ko/viewer.ftl?raw";
import { teach } from "../words";
import { Studio } from "./studio";

for (const [ko, en] of [
  [commonKo, commonEn],
  [viewerKo, viewerEn],
  [studioKo, studioEn],
])
  teach({ ko: ko ?? "", en: en ?? "" });

const { show, status, starts, started, ended } = document.body.dataset;
if (show) {
  const times = { startsAt: momentOf(starts) ?? 0, startedAt: momentOf(started), endedAt: momentOf(ended) };
  void new Studio({ id: show, ...times }).begin(status ?? "");
}

function momentOf(text: string | undefined): number | undefined {
  return text ? Date.parse(text) : undefined;
}
