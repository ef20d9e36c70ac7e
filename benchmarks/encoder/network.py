"""The transformer that is fine-tuned, and the linear heads on its mean."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from benchmarks.encoder.pretrained import Net

# Length of the centred embedding that the heads read.
SCALE = 20.0


class Layer(nn.Module):
    """A transformer layer (post-norm). Attention is written out: PyTorch's CPU kernel is far slower backwards."""

    def __init__(self, net: Net, number: int, drop: float) -> None:
        """Weights of layer `number` of the net."""
        super().__init__()
        size = net.hidden
        self.heads, self.drop = net.heads, drop
        self.qkv, self.out = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.wide, self.narrow = nn.Linear(size, net.wide), nn.Linear(net.wide, size)
        self.norm, self.norm_after = nn.LayerNorm(size, net.eps), nn.LayerNorm(size, net.eps)

        def part(name: str) -> torch.Tensor:
            return torch.tensor(net.tensors[f"l{number}.{name}"])

        with torch.no_grad():
            self.qkv.weight.copy_(torch.cat([part(f"{x}.w").view(size, size) for x in "qkv"]))
            self.qkv.bias.copy_(torch.cat([part(f"{x}.b") for x in "qkv"]))
            for module, name in ((self.out, "ao"), (self.wide, "fi"), (self.narrow, "fo")):
                module.weight.copy_(part(name + ".w").view_as(module.weight))
                module.bias.copy_(part(name + ".b"))
            for norm, name in ((self.norm, "aln"), (self.norm_after, "oln")):
                norm.weight.copy_(part(name + ".w"))
                norm.bias.copy_(part(name + ".b"))

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """`mask` is added to the attention's scores."""
        batch, count, size = x.shape
        q, k, v = self.qkv(x).view(batch, count, 3, self.heads, size // self.heads).permute(2, 0, 3, 1, 4)
        scores = torch.matmul(q * (size // self.heads) ** -0.5, k.transpose(-1, -2)) + mask
        seen = torch.matmul(scores.softmax(-1).to(v.dtype), v).transpose(1, 2).reshape(batch, count, size)
        x = self.norm(x + functional.dropout(self.out(seen), self.drop, self.training))
        wide = self.narrow(functional.gelu(self.wide(x)))
        normal: torch.Tensor = self.norm_after(x + functional.dropout(wide, self.drop, self.training))
        return normal


class Body(nn.Module):
    """The encoder; its embedding table holds only the pieces that the training texts use."""

    def __init__(self, net: Net, used: list[int], layers: int, drop: float) -> None:
        """`used`: numbers of those pieces."""
        super().__init__()
        size = net.hidden
        self.drop = drop
        self.word = nn.Embedding.from_pretrained(torch.tensor(net.tensors["emb.word"][used]), freeze=False)
        positions = net.tensors["emb.pos"].reshape(-1, size) + net.tensors["emb.type"][:size]
        self.positions = nn.Parameter(torch.tensor(positions))
        self.norm = nn.LayerNorm(size, net.eps)
        with torch.no_grad():
            self.norm.weight.copy_(torch.tensor(net.tensors["emb.ln.w"]))
            self.norm.bias.copy_(torch.tensor(net.tensors["emb.ln.b"]))
        self.layers = nn.ModuleList([Layer(net, number, drop) for number in range(layers)])

    def forward(self, pieces: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        """Mean of the last layer over the real pieces."""
        x = self.norm(self.word(pieces) + self.positions[: pieces.shape[1]])
        x = functional.dropout(x, self.drop, self.training)
        mask = torch.where(real, 0.0, -1e4)[:, None, None, :].to(torch.bfloat16)
        for layer in self.layers:
            x = layer(x, mask)
        weight = real[..., None].to(x.dtype)
        return (x * weight).sum(1) / weight.sum(1)


class Heads(nn.Module):
    """Linear heads in the centred embedding: areas (sigmoid), first area and crisis (softmax), acts (sigmoid)."""

    mean: torch.Tensor

    def __init__(self, mean: torch.Tensor, sizes: tuple[int, int, int, int], drop: float) -> None:
        """`mean` of embeddings at unit length before the fine-tuning; `sizes` of the four heads."""
        super().__init__()
        self.register_buffer("mean", mean)
        self.sizes, self.drop = sizes, drop
        self.linear = nn.Linear(mean.shape[0], sum(sizes))
        nn.init.normal_(self.linear.weight, std=0.02)
        nn.init.zeros_(self.linear.bias)
        with torch.no_grad():
            self.linear.bias[: sizes[0]].fill_(-3.0)
            self.linear.bias[-sizes[-1] :].fill_(-3.0)

    def forward(self, embedding: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Raw scores of the four heads."""
        centred = (functional.normalize(embedding.float(), dim=-1) - self.mean) * SCALE
        raw: torch.Tensor = self.linear(functional.dropout(centred, self.drop, self.training))
        return raw.split(self.sizes, dim=-1)
