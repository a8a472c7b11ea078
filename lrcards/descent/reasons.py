"""The reasons of a verdict in plain words, with the numbers that decided."""
from lrcards.descent.evidence import Evidence
from lrcards.descent.regimes import Regime
from lrcards.descent.run import Trajectory

def why(regime: Regime, trajectory: Trajectory, evidence: Evidence, lane: int) -> tuple[str, ...]:
    return ()
