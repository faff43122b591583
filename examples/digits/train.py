"""Trains the two versions of the digits model and writes everything this folder ships.

    python3 -m venv venv && venv/bin/pip install scikit-learn && venv/bin/python train.py

The data is scikit-learn's copy of the UCI handwritten digits: 1797 scanned digits of 8x8 pixels, 0 (white) to 16.
The split and the training are seeded, so a run on the same scikit-learn writes the same files. report.json holds the
accuracy that scikit-learn itself measures on the held-out images, with the rounded weights that are shipped.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

HERE = Path(__file__).resolve().parent
SCALE = 16.0
VERSIONS = {1: (16,), 2: (64,)}


def train(images, labels, hidden):
    """Fits one multi-layer perceptron and rounds its weights to four decimals, in place."""
    model = MLPClassifier(hidden_layer_sizes=hidden, alpha=0.01, max_iter=600, random_state=20210501)
    model.fit(images / SCALE, labels)
    model.coefs_ = [layer.round(4) for layer in model.coefs_]
    model.intercepts_ = [layer.round(4) for layer in model.intercepts_]
    return model


def write_weights(path, version, model):
    """Writes one row per unit, so that inference is a plain sum of products."""
    path.parent.mkdir(exist_ok=True)
    layers = [
        {"weights": weights.T.tolist(), "bias": bias.tolist()}
        for weights, bias in zip(model.coefs_, model.intercepts_)
    ]
    document = {"version": version, "scale": SCALE, "layers": layers}
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n")


def main():
    digits = load_digits()
    train_x, held_x, train_y, held_y = train_test_split(
        digits.data, digits.target, test_size=0.2, stratify=digits.target, random_state=20210501
    )
    lines = [json.dumps({"pixels": image.astype(int).tolist()}, separators=(",", ":")) for image in held_x]
    (HERE / "heldout.jsonl").write_text("\n".join(lines) + "\n")
    (HERE / "image.json").write_text(lines[0] + "\n")
    (HERE / "heldout.labels").write_text("\n".join(str(label) for label in held_y) + "\n")

    report = {"scikit_learn": sklearn.__version__, "train_images": len(train_y), "heldout_images": len(held_y), "versions": {}}
    for version, hidden in VERSIONS.items():
        model = train(train_x, train_y, hidden)
        predicted = model.predict(held_x / SCALE)
        write_weights(HERE / f"model-v{version}" / "weights.json", version, model)
        report["versions"][str(version)] = {
            "hidden_units": list(hidden),
            "correct": int(np.sum(predicted == held_y)),
            "accuracy": round(float(model.score(held_x / SCALE, held_y)), 6),
            "predictions": "".join(str(digit) for digit in predicted),
        }
    (HERE / "report.json").write_text(json.dumps(report, indent=2) + "\n")
    for version, row in report["versions"].items():
        print(f"v{version}: {row['correct']} of {len(held_y)} held-out images right, accuracy {row['accuracy']:.4f}")


if __name__ == "__main__":
    main()
