from numpy import float64, int64
from numpy.typing import NDArray

def bdtrc(k: NDArray[float64], n: NDArray[int64], p: float) -> NDArray[float64]: ...
