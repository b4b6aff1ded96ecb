"""How are weights rounded while they are learnt, so that rounding them afterwards changes nothing?"""

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

NORMAL_STEP = {4: 0.3352, 8: 0.0308}
"""The step that rounds a normal distribution of deviation 1 best into 2^bits levels (Max 1960; for 8 bits the table's continuation)."""


class Rounded(nn.Module):
    """Rows of integers of `bits` bits times a step for each row, which is learnt (LSQ: Esser et al. 2020).

    Going back, rounding counts as doing nothing; a weight out of range gets no gradient.
    """

    def __init__(self, weight: Tensor, bits: int):
        super().__init__()
        self.most = 2 ** (bits - 1) - 1
        deviation = weight.detach().float().pow(2).mean(1, keepdim=True).sqrt().clamp_min(1e-6)
        self.log_step = nn.Parameter((deviation * NORMAL_STEP[bits]).log())

    def forward(self, weight: Tensor) -> Tensor:
        step = self.log_step.exp()
        levels = (weight / step).clamp(-self.most - 1, self.most)
        return (levels + (levels.round() - levels).detach()) * step

    @torch.no_grad()
    def integers(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """What is stored: integers `[rows, columns]` and a scale for each row."""
        step = self.log_step.exp()
        levels = (weight / step).clamp(-self.most - 1, self.most).round()
        return levels.to(torch.int8), step[:, 0].float()


def rounded(module: nn.Module, bits: int) -> None:
    """Makes a module compute with its weight rounded, and learn that."""
    parametrize.register_parametrization(module, "weight", Rounded(module.weight, bits))


def stored(module: nn.Module) -> tuple[Tensor, Tensor]:
    weights = module.parametrizations.weight
    return weights[0].integers(weights.original)
