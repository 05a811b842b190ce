"""The values that coded columns may take."""

PLOVER_TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE",
    "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
QUAD_CLASSES = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
FIRST_YEAR, LAST_YEAR = 1800, 2199
DATE_PRECISIONS = ("day", "week", "month", "quarter", "year")
CERTAINTIES = ("confirmed", "single_source", "disputed")
ACTOR_KINDS = ("state", "organisation", "nonstate", "person", "firm", "outlet", "aggregate", "unknown")
ROLES = ("GOV", "MIL", "OPP", "REB", "CVL", "MED", "LEG", "JUD", "ELI", "BUS", "PTY")
POSITIONS = ("source", "target", "third")
TIE_KINDS = (
    "membership", "suspension", "defence_agreement", "agreement", "deployment", "mission",
    "trade", "aid", "debt", "investment", "remittance", "arms", "alliance",
)  # fmt: skip
VOTE_CHOICES = ("yes", "no", "abstain", "absent")
WEIGHT_BASES = ("reviewed", "derived")
MERGE_BASES = ("rule", "reviewed")
ANSWER_KINDS = ("date", "number", "yesno", "category")
OUTLET_GRADES = ("official", "wire", "newspaper", "party", "aggregator", "mirror", "none")
