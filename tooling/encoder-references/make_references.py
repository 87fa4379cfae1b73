"""Writes tiny random checkpoints and what PyTorch says of them, for the tests of the encoder import.

    pip install torch "transformers==4.30.2" safetensors      (Debian's python3-torch 1.13 will do)
    python tooling/encoder-references/make_references.py packages/integrations/test/fixtures/encoders

One folder a family: config.json, model.safetensors, expected.json. Seeded: the same versions write the same bytes.
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import (
    BertConfig, BertModel, CLIPConfig, CLIPModel, DistilBertConfig, DistilBertModel,
    MPNetConfig, MPNetModel, RobertaConfig, RobertaModel, XLMRobertaConfig, XLMRobertaModel,
)

TEXTS = [[2, 11, 7, 30, 5, 9, 3], [2, 33, 3], [2, 8, 19, 27, 3]]
SHAPE = dict(vocab_size=40, hidden_size=16, intermediate_size=24, num_attention_heads=2, num_hidden_layers=2)
LONG = [2] + [4 + (7 * i) % 35 for i in range(150)] + [3]


def shake(model):
    """Weights large enough that every part of the graph shows in the result."""
    torch.manual_seed(7)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn_like(weight)
            is_norm = name.endswith("weight") and weight.dim() == 1
            weight.copy_(1 + 0.2 * noise if is_norm else 0.25 * noise)
    return model.eval()


def unit(rows):
    return torch.nn.functional.normalize(rows, dim=-1)


def pad(texts, fill):
    width = max(map(len, texts))
    ids = torch.tensor([row + [fill] * (width - len(row)) for row in texts])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in texts])
    return ids, mask


def pooled(hidden, mask):
    weights = mask.unsqueeze(-1).float()
    lowest = hidden.masked_fill(weights == 0, -1e9)
    return {
        "mean": unit((hidden * weights).sum(1) / weights.sum(1)).tolist(),
        "cls": unit(hidden[:, 0]).tolist(),
        "max": unit(lowest.max(1).values).tolist(),
    }


def write(folder, model, expected):
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: weight.contiguous() for name, weight in model.state_dict().items() if weight.is_floating_point()}
    save_file(tensors, str(folder / "model.safetensors"), metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(model.config.to_diff_dict(), indent=1, sort_keys=True) + "\n")
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def text_family(folder, model, texts, fill):
    ids, mask = pad(texts, fill)
    with torch.no_grad():
        hidden = shake(model)(input_ids=ids, attention_mask=mask).last_hidden_state
    write(folder, model, {"texts": texts, **pooled(hidden, mask)})


def clip_family(folder):
    config = CLIPConfig(
        projection_dim=12,
        text_config=dict(SHAPE, max_position_embeddings=20, hidden_act="quick_gelu", bos_token_id=38, eos_token_id=39,
                         pad_token_id=39),
        vision_config=dict(hidden_size=16, intermediate_size=24, num_attention_heads=4, num_hidden_layers=2,
                           image_size=12, patch_size=4, hidden_act="quick_gelu"),
    )
    model = shake(CLIPModel(config))
    texts = [[38, 11, 7, 30, 5, 39], [38, 33, 39], [38, 8, 19, 27, 39]]
    ids, mask = pad(texts, 39)
    pixels = torch.randn(2, 3, 12, 12, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        text = unit(model.get_text_features(input_ids=ids, attention_mask=mask))
        image = unit(model.get_image_features(pixel_values=pixels))
    write(folder, model, {"texts": texts, "eos": text.tolist(), "pixels": pixels.flatten().tolist(),
                          "image": image.tolist()})


def main(target):
    places = dict(max_position_embeddings=24)
    text_family(target / "bert", BertModel(BertConfig(**SHAPE, **places), add_pooling_layer=False), TEXTS, 0)
    text_family(target / "bert-tanh-gelu",
                BertModel(BertConfig(**SHAPE, **places, hidden_act="gelu_new"), add_pooling_layer=False), TEXTS, 0)
    offset = dict(**SHAPE, **places, pad_token_id=1, type_vocab_size=1, layer_norm_eps=1e-5)
    text_family(target / "roberta", RobertaModel(RobertaConfig(**offset), add_pooling_layer=False), TEXTS, 1)
    text_family(target / "xlm-roberta", XLMRobertaModel(XLMRobertaConfig(**offset), add_pooling_layer=False), TEXTS, 1)
    mpnet = MPNetConfig(**SHAPE, max_position_embeddings=180, pad_token_id=1)
    text_family(target / "mpnet", MPNetModel(mpnet, add_pooling_layer=False), [*TEXTS, LONG], 1)
    distil = DistilBertConfig(vocab_size=40, dim=16, hidden_dim=24, n_heads=2, n_layers=2, max_position_embeddings=24)
    text_family(target / "distilbert", DistilBertModel(distil), TEXTS, 0)
    clip_family(target / "clip")


main(pathlib.Path(sys.argv[1]))
