"""The pictures of a study's page, made beside its facts: they say nothing that the facts do not say."""

from __future__ import annotations

from datetime import date

import msgspec

from equipoise.find.flow import FlowPictures, draw_flow
from equipoise.find.near import Near
from equipoise.find.page import StudyPage
from equipoise.find.site_list import SitesNear, sites_near
from equipoise.find.site_map import SiteMap, map_sites
from equipoise.find.timeline import Timeline, draw_timeline
from equipoise.records.study import Study


class Pictures(msgspec.Struct, frozen=True):
    """The pictures of a study's page; one that would show nothing is None. ``near`` is the place that was asked for."""

    map: SiteMap | None
    timeline: Timeline | None
    flow: FlowPictures | None = None
    near: Near | None = None
    sites: SitesNear | None = None


def study_pictures(study: Study, page: StudyPage, today: date, *, near: Near | None = None) -> Pictures:
    """Return the pictures of a study's page as it reads on *today*, the sites ordered from a place if one is given."""
    flow = study.results.participant_flow_module if study.results else None
    return Pictures(
        map=map_sites(study, near=near),
        timeline=draw_timeline(study, today),
        flow=draw_flow(flow) if flow else None,
        near=near,
        sites=sites_near(study, page.people, near) if near and study.sites else None,
    )
