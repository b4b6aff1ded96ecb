"""How are weights rounded while they are learnt, so that rounding them afterwards changes nothing?"""

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

EXACT = 32
"""So many bits are no rounding."""
NORMAL_STEP = {2: 0.9957, 4: 0.3352, 8: 0.0308}
"""The step that rounds a normal distribution of deviation 1 best into 2^bits levels (Max 1960; for 8 bits the table's continuation)."""


class _Round(torch.autograd.Function):
    """`weight` in steps of its row, rounded to the nearest level. Going back, rounding counts as doing nothing, and what is out of range
    gets no gradient; the step gets that of LSQ (Esser et al. 2020). By hand, since it is done for every weight at every turn."""

    @staticmethod
    def forward(context, weight: Tensor, log_step: Tensor, bits: int) -> Tensor:
        step = log_step.exp()
        exact = weight / step
        levels = _levels(exact, bits)
        context.save_for_backward(exact, levels, step)
        return levels * step

    @staticmethod
    def backward(context, gradient: Tensor):
        exact, levels, step = context.saved_tensors
        error = levels - exact
        inside = error.abs() <= 0.5
        by_step = (gradient * torch.where(inside, error, levels)).sum(-1, keepdim=True) * step
        return gradient * inside, by_step, None


def _levels(exact: Tensor, bits: int) -> Tensor:
    """Whole steps; of 2 bits, halves: of four levels none is spent on zero, so that both signs have two."""
    half, most = 0.5 if bits == 2 else 0.0, 2 ** (bits - 1)
    return (exact - half).round_().clamp_(-most, most - 1).add_(half)


class Rounded(nn.Module):
    """Rows of integers of `bits` bits times a step for each row, which is learnt; or, where bits are `EXACT`, just the weight."""

    def __init__(self, weight: Tensor, bits: int):
        super().__init__()
        self.bits = bits
        deviation = weight.detach().float().pow(2).mean(1, keepdim=True).sqrt().clamp_min(1e-6)
        self.log_step = nn.Parameter((deviation * NORMAL_STEP.get(bits, 1.0)).log())

    def forward(self, weight: Tensor) -> Tensor:
        return weight if self.bits == EXACT else _Round.apply(weight, self.log_step, self.bits)

    def chosen(self, rows: Tensor, ids: Tensor) -> Tensor:
        """The same for `rows` that were taken out of the weight by `ids`."""
        return rows if self.bits == EXACT else _Round.apply(rows, self.log_step[ids], self.bits)

    @torch.no_grad()
    def integers(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """What is stored: integers `[rows, columns]`, odd ones of 2 bits, and a scale for each row."""
        step, per_step = self.log_step.exp(), 2 if self.bits == 2 else 1
        return (_levels(weight / step, self.bits) * per_step).to(torch.int8), step[:, 0].float() / per_step


def rounded(module: nn.Module, bits: int) -> None:
    """Makes a module compute with its weight rounded, and learn that."""
    parametrize.register_parametrization(module, "weight", Rounded(module.weight, bits))
