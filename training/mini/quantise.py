"""How are weights rounded while they are learnt, so that rounding them afterwards changes nothing?"""

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

NORMAL_STEP = {4: 0.3352, 8: 0.0308}
"""The step that rounds a normal distribution of deviation 1 best into 2^bits levels (Max 1960; for 8 bits the table's continuation)."""


class _Round(torch.autograd.Function):
    """`weight` in steps of its row, rounded into a range. Going back, rounding counts as doing nothing, and what is out of range
    gets no gradient; the step gets that of LSQ (Esser et al. 2020). By hand, since it is done for every weight at every turn."""

    @staticmethod
    def forward(context, weight: Tensor, log_step: Tensor, most: int) -> Tensor:
        step = log_step.exp()
        exact = weight / step
        levels = exact.round().clamp_(-most - 1, most)
        context.save_for_backward(exact, levels, step)
        return levels * step

    @staticmethod
    def backward(context, gradient: Tensor):
        exact, levels, step = context.saved_tensors
        error = levels - exact
        inside = error.abs() <= 0.5
        by_step = (gradient * torch.where(inside, error, levels)).sum(-1, keepdim=True) * step
        return gradient * inside, by_step, None


class Rounded(nn.Module):
    """Rows of integers of `bits` bits times a step for each row, which is learnt."""

    def __init__(self, weight: Tensor, bits: int):
        super().__init__()
        self.most = 2 ** (bits - 1) - 1
        deviation = weight.detach().float().pow(2).mean(1, keepdim=True).sqrt().clamp_min(1e-6)
        self.log_step = nn.Parameter((deviation * NORMAL_STEP[bits]).log())

    def forward(self, weight: Tensor) -> Tensor:
        return _Round.apply(weight, self.log_step, self.most)

    def chosen(self, rows: Tensor, ids: Tensor) -> Tensor:
        """The same for `rows` that were taken out of the weight by `ids`."""
        return _Round.apply(rows, self.log_step[ids], self.most)

    @torch.no_grad()
    def integers(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """What is stored: integers `[rows, columns]` and a scale for each row."""
        step = self.log_step.exp()
        levels = (weight / step).round().clamp(-self.most - 1, self.most)
        return levels.to(torch.int8), step[:, 0].float()


def rounded(module: nn.Module, bits: int) -> None:
    """Makes a module compute with its weight rounded, and learn that."""
    parametrize.register_parametrization(module, "weight", Rounded(module.weight, bits))
