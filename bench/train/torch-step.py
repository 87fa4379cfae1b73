"""One training step of a BERT-shaped sentence encoder in PyTorch, timed on request.

The first line of standard input says the shape; every further line, `forward` or `step`, is answered by its seconds.
Both towers are the same encoder; the loss is in-batch InfoNCE; AdamW updates every layer, the embeddings stay.
"""
import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

shape = json.loads(sys.stdin.readline())
torch.set_num_threads(shape["threads"])
torch.manual_seed(1)


class Layer(nn.Module):
    def __init__(self, hidden, inner, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(hidden, hidden) for _ in range(4))
        self.up, self.down = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.first, self.second = nn.LayerNorm(hidden, 1e-12), nn.LayerNorm(hidden, 1e-12)

    def split(self, x):
        rows, tokens, hidden = x.shape
        return x.view(rows, tokens, self.heads, hidden // self.heads).transpose(1, 2)

    def forward(self, x):
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]), -1)
        mixed = (weights @ v).transpose(1, 2).reshape(x.shape)
        x = self.first(x + self.out(mixed))
        return self.second(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        hidden = shape["hidden"]
        self.words = nn.Embedding(shape["vocabulary"], hidden).requires_grad_(False)
        self.layers = nn.ModuleList(Layer(hidden, shape["inner"], shape["heads"]) for _ in range(shape["layers"]))

    def forward(self, ids):
        x = self.words(ids)
        for layer in self.layers:
            x = layer(x)
        return F.normalize(x.mean(1), dim=-1)


encoder = Encoder()
trained = [p for p in encoder.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=1e-6, weight_decay=0.01, foreach=True)
queries = torch.randint(1000, shape["vocabulary"], (shape["queries"], shape["queryTokens"]))
items = torch.randint(1000, shape["vocabulary"], (shape["items"], shape["itemTokens"]))
wanted = torch.arange(shape["queries"])


def forward():
    with torch.inference_mode():
        encoder(queries)
        encoder(items)


def step():
    optimizer.zero_grad(set_to_none=False)
    F.cross_entropy(encoder(queries) @ encoder(items).T / 0.05, wanted).backward()
    nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()


print(json.dumps({"version": torch.__version__, "weights": sum(p.numel() for p in trained)}), flush=True)
for line in sys.stdin:
    started = time.perf_counter()
    step() if line.strip() == "step" else forward()
    print(json.dumps({"seconds": time.perf_counter() - started}), flush=True)
