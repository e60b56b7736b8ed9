"""One worked example of every rule: what it reads, its value by hand, and its directions."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any


@dataclass(frozen=True)
class Example:
    """A rule, the columns it reads (such as "who.belief"), the value that a pencil finds, and
    for some columns whether the value rises (+1) or falls (-1) with them.
    """

    rule: str
    reads: dict[str, Any]
    value: float
    slopes: dict[str, int]


def arguments(reads: dict[str, Any]) -> list[SimpleNamespace]:
    """The four arguments of a rule from columns such as {"who.belief": 0.5}."""
    spaces = {name: SimpleNamespace() for name in ("who", "at", "now", "p")}
    for column, value in reads.items():
        owner, name = column.split(".")
        setattr(spaces[owner], name, value)
    return list(spaces.values())


def example(rule: str, value: float, slopes: str, **reads: Any) -> Example:
    """Example from short keys: `who_belief` is who.belief; slopes are words such as "+who.days"."""
    found = {key.replace("_", ".", 1): number for key, number in reads.items()}
    signs = {word[1:]: 1 if word[0] == "+" else -1 for word in slopes.split()}
    return Example(rule, found, value, signs)


E_ = example
EXAMPLES = (
    # shock, motives, repression
    E_("panic", 0.9, "+now.mobilisation +who.exposure +p.panic",
       p_panic=4.5, now_mobilisation=0.4, who_exposure=0.5),
    E_("outbreak_of_war", 1.5, "+now.war +who.remote +who.activism",
       p_outbreak=6.0, now_war=0.5, who_remote=0.3, who_activism=0.2),
    E_("last_flight", 0.1, "+now.rumour +who.exposure",
       p_hurry=0.5, now_rumour=0.4, who_exposure=0.5),
    E_("fear_of_call_up", 0.3, "+who.belief +who.exposure",
       p_fear=1.5, who_belief=0.4, who_exposure=0.5),
    E_("go_along", 0.7, "+now.mobilisation +who.kin",
       p_go_along=3.5, now_mobilisation=0.4, who_kin=0.5),
    E_("out_of_the_system", 0.15, "+who.activism +who.belief",
       p_protest=0.5, who_activism=0.6, who_belief=0.5),
    E_("persecuted", 0.4, "+now.repression +who.activism",
       p_repression=2.0, now_repression=0.5, who_activism=0.4),
    E_("way_back_open", 0.55, "-who.activism -p.exile_bar",
       p_exile_bar=0.9, who_activism=0.5),
    E_("freedom_there", 0.2, "+at.freedom +who.activism",
       p_freedom=1.0, at_freedom=0.5, who_activism=0.4),
    # ties, again, feeling
    E_("family_at_home", 0.33, "+who.family", p_family=0.66, who_family=0.5),
    E_("friends_here", -0.083177661667193, "-at.diaspora",
       p_friends=0.3, at_diaspora=3000.0),
    E_("family_holds_back", -0.3, "-who.family", p_holds_back=0.5, who_family=0.6),
    E_("no_roots_yet", 0.164872127070013, "+who.days", p_rootless=0.2, who_days=45.0),
    E_("knows_the_way", 2.0, "+who.been_away", p_knows_the_way=2.0, who_been_away=1.0),
    E_("means_left", 0.3, "+p.means_left", p_means_left=0.3),
    E_("longing", 0.2, "-who.days",
       p_longing=(0.8, 0.4, 0.0, 0.0, 0.0, 0.1, 0.3), who_days=22.0),
    E_("passing_through", 1.5, "-who.days", p_passing=(2.5, 0.5, 0.0, 0.0), who_days=7.0),
    E_("relief", -0.75, "+who.days", p_relief=1.0, who_days=45.0),
    # entry and settling
    E_("door_is_open", -0.693147180559945, "+at.entry", at_entry=0.5),
    E_("papers_there", 0.9, "+at.permit_ease", p_papers_pull=1.5, at_permit_ease=0.6),
    E_("leave_to_stay_ends", 1.096587867945007, "+who.days -at.permit_ease -at.stay_days",
       p_papers=2.0, at_permit_ease=0.25, who_days=100.0, at_stay_days=90.0),
    E_("papers_elsewhere", 1.096587867945007, "+who.days -at.permit_ease -at.stay_days",
       p_papers_onward=2.0, at_permit_ease=0.25, who_days=100.0, at_stay_days=90.0),
    E_("work_at_once", 0.4, "+at.recognition", p_recognition=0.5, at_recognition=0.8),
    E_("compatriots", 0.623832462503951, "+at.diaspora +at.newcomers",
       p_compatriots=0.3, at_diaspora=4000.0, at_newcomers=3000.0),
    E_("common_language", 0.4, "+at.language", p_language=0.5, at_language=0.8),
    E_("settled", -0.18, "-at.recognition -at.language",
       p_settled=0.3, at_recognition=0.8, at_language=0.4),
    # money
    E_("can_pay", 0.8, "+who.savings -at.journey_cost -now.fare -p.reserve",
       p_money_slope=2.0, p_reserve=1.0, who_savings=6.0, at_journey_cost=1.0, now_fare=2.0),
    E_("money_gone", 0.4, "-who.savings", p_hardship=0.8, who_savings=0.5),
    E_("earns_less", 0.415888308335967, "-at.wage_ratio -who.remote",
       p_wage_gap=0.8, at_wage_ratio=0.5, who_remote=0.25),
    E_("earns_more_elsewhere", 0.207944154167984, "-at.wage_ratio -who.remote",
       p_wage_gap=0.8, at_wage_ratio=0.5, who_remote=0.25),
    E_("wages_there", 0.277258872223978, "+at.wage_ratio", p_wage_pull=0.4, at_wage_ratio=2.0),
    E_("cost_of_the_journey", -0.6, "-at.journey_cost", p_dear=0.3, at_journey_cost=2.0),
    # belief
    E_("public_alarm", 0.059, "+now.mobilisation +now.war +now.enforcement +at.reach",
       at_reach=0.5, p_heard_decree=0.1, now_mobilisation=1.0, p_heard_war=0.02, now_war=0.5,
       p_heard_law=0.004, now_enforcement=2.0),
    E_("hearsay", 0.005, "+who.rumour", p_hearsay=0.02, who_rumour=0.25),
    E_("said_to_be_over", 0.004, "+now.calm +at.reach",
       at_reach=0.5, p_calmed=0.01, now_calm=0.8),
    E_("fading", 0.005, "+p.fading", p_fading=0.005),
    E_("never_ended", 0.4, "+now.decree", p_floor_before=0.2, p_floor_decree=0.6, now_decree=0.5),
    E_("danger_at_home", -0.8, "-who.belief -who.exposure",
       p_dread=2.0, who_belief=0.5, who_exposure=0.8),
    # enforcement and manpower
    E_("amnesty_trusted", 0.4, "+now.amnesty +who.exposure",
       p_amnesty=1.0, who_exposure=0.8, now_amnesty=0.5),
    E_("not_stopped", 0.725, "-who.exposure -now.exit_ban -now.closed",
       who_exposure=0.5, p_stopped=0.1, now_exit_ban=1.0, now_closed=0.5),
    E_("summons_arrives", 0.45, "+who.exposure +now.e_summons",
       who_exposure=0.5, p_by_hand=0.8, now_e_summons=0.5),
    E_("before_the_net_closes", 0.3, "+now.enforcement +who.exposure",
       p_net_closes=0.3, now_enforcement=2.0, who_exposure=0.5),
    E_("quota", 0.002, "+now.call_rate", now_call_rate=0.002),
    E_("volunteers_instead", 0.002, "+now.recruitment +at.reach",
       at_reach=0.5, p_volunteers=0.01, now_recruitment=0.4),
    # rumour
    E_("sown", 0.01, "+now.sowing +at.reach", p_rumour_seed=0.01, now_sowing=2.0, at_reach=0.5),
    E_("passed_on", 0.03, "+who.spreading", p_contacts=0.15, who_spreading=0.2),
    E_("stale_news", 0.06, "-who.ignorant", p_contacts=0.15, who_ignorant=0.6),
    E_("forgotten", 0.015, "+p.forget", p_forget=0.015),
    # mood: what no rule explains
    E_("mood_to_leave", 0.3, "+now.leave_mood", now_leave_mood=0.3),
    E_("leaning", 0.3, "+who.leaning", who_leaning=0.3),
    E_("mood_to_return", 0.3, "+now.return_mood", now_return_mood=0.3),
    E_("climate_of_the_host", 0.3, "+at.climate", at_climate=0.3),
    E_("stepping_stone", 0.3, "+at.stepping", at_stepping=0.3),
    E_("attraction", 0.3, "+at.attraction", at_attraction=0.3),
    E_("by_land_when_in_panic", 0.9, "+at.land +now.mobilisation",
       p_by_land=1.5, at_land=1.0, now_mobilisation=0.6),
)  # fmt: skip
