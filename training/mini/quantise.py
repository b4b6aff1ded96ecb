"""How are weights rounded while they are learnt, so that rounding them afterwards changes nothing?"""

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

EXACT = 32
"""So many bits are no rounding."""
STORED = (2, 4, 8)
"""Of how many bits numbers are in a model pack."""
NORMAL_STEP = {2: 0.9957, 4: 0.3352, 6: 0.1041, 8: 0.0308}
NORMAL_ERROR = {2: 0.1188, 4: 0.01154, 6: 0.00104}
"""The step that rounds a normal distribution of deviation 1 best into 2^bits levels, and the share of the squares that it loses (Max 1960, and computed
likewise for 6 and 8 bits; of 8, as good as nothing)."""
NARROWEST, TRIED = 0.04, 48
"""The narrowest step that is tried, of the one that reaches a row's largest number, and how many are."""


class _Round(torch.autograd.Function):
    """`weight` in steps of its row, rounded to the nearest level. Going back, rounding counts as doing nothing, and what is out of range
    gets no gradient; the step gets that of LSQ (Esser et al. 2020). By hand, since it is done for every weight at every turn."""

    @staticmethod
    def forward(context, weight: Tensor, log_step: Tensor, bits: int) -> Tensor:
        step = log_step.exp()
        exact = weight / step
        nearest = levels(exact, bits)
        context.save_for_backward(exact, nearest, step)
        return nearest * step

    @staticmethod
    def backward(context, gradient: Tensor):
        exact, nearest, step = context.saved_tensors
        error = nearest - exact
        inside = error.abs() <= 0.5
        by_step = (gradient * torch.where(inside, error, nearest)).sum(-1, keepdim=True) * step
        return gradient * inside, by_step, None


def levels(exact: Tensor, bits: int) -> Tensor:
    """Whole steps; of 2 bits, halves: of four levels none is spent on zero, so that both signs have two."""
    half, most = 0.5 if bits == 2 else 0.0, 2 ** (bits - 1)
    return (exact - half).round_().clamp_(-most, most - 1).add_(half)


def range_of(bits: int, digits: int) -> float:
    """How much wider a number of so many digits of `bits` bits is to reach than one of a single digit, where both are rounded best."""
    whole = bits * digits
    return NORMAL_STEP[whole] * 2 ** (whole - bits) / NORMAL_STEP[bits] if digits > 1 else 1.0


def best_step(weight: Tensor, bits: int) -> Tensor:
    """For each row the step that loses the least of its squares, `[rows, 1]`: of those with which its largest number is in range, down to
    much narrower ones. A few rows of BERT have a number hundreds of times as large as the others, and it is what matters there."""
    if bits == EXACT:
        return torch.ones(len(weight), 1)
    most = weight.abs().amax(1, keepdim=True).clamp_min(1e-6) / (2 ** (bits - 1) - 0.5)
    best, least = most, torch.full_like(most, torch.inf)
    for step in (most * NARROWEST ** (at / (TRIED - 1)) for at in range(TRIED)):
        lost = (levels(weight / step, bits) * step - weight).square().sum(1, keepdim=True)
        best, least = torch.where(lost < least, step, best), torch.minimum(lost, least)
    return best


class Rounded(nn.Module):
    """Rows of integers of `bits` bits times a step for each row, which is learnt; or, where bits are `EXACT`, just the weight."""

    def __init__(self, weight: Tensor, bits: int, step: Tensor | None = None):
        super().__init__()
        self.bits = bits
        self.log_step = nn.Parameter((best_step(weight.detach().float(), bits) if step is None else step).log())

    def forward(self, weight: Tensor) -> Tensor:
        return weight if self.bits == EXACT else _Round.apply(weight, self.log_step, self.bits)

    def chosen(self, rows: Tensor, ids: Tensor) -> Tensor:
        """The same for `rows` that were taken out of the weight by `ids`."""
        return rows if self.bits == EXACT else _Round.apply(rows, self.log_step[ids], self.bits)

    @torch.no_grad()
    def integers(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """What is stored: integers `[rows, columns]`, odd ones of 2 bits, and a scale for each row."""
        step, per_step = self.log_step.exp(), 2 if self.bits == 2 else 1
        return (levels(weight / step, self.bits) * per_step).to(torch.int8), step[:, 0].float() / per_step


def rounded(module: nn.Module, bits: int) -> None:
    """Makes a module compute with its weight rounded, and learn that."""
    parametrize.register_parametrization(module, "weight", Rounded(module.weight, bits))
