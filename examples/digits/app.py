"""Handwritten digits as a Python processor of PAI-EAS: no packages needed beyond the standard library.

A request is {"pixels": [64 numbers from 0 to 16]}, row by row; the answer names the digit, how sure the model is, and
the version of the model. Anything else is answered with status 400 and the reason.
"""

import json
import math
import os

import allspark


def model_folder(processor):
    """The folder model_path was unpacked to: from allspark when it tells, else where EAS puts it."""
    if hasattr(processor, "get_model_path"):
        return processor.get_model_path()
    return "../../model"


def read_pixels(data):
    """Returns the 64 numbers of a request body; raises ValueError with a reason fit for the caller."""
    try:
        request = json.loads(data)
    except ValueError as error:
        raise ValueError("the body is not JSON: %s" % error) from None
    pixels = request.get("pixels") if isinstance(request, dict) else None
    if not isinstance(pixels, list) or len(pixels) != 64:
        raise ValueError('expected {"pixels": [64 numbers from 0 to 16]}')
    for position, value in enumerate(pixels):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 16:
            raise ValueError("pixel %d is %s, not a number from 0 to 16" % (position, json.dumps(value)))
    return pixels


def forward(layers, values):
    """A multi-layer perceptron with ReLU between the layers; returns the scores of the last one."""
    for index, layer in enumerate(layers):
        if index:
            values = [value if value > 0 else 0.0 for value in values]
        values = [
            sum(weight * value for weight, value in zip(row, values)) + bias
            for row, bias in zip(layer["weights"], layer["bias"])
        ]
    return values


class DigitsProcessor(allspark.BaseProcessor):
    def initialize(self):
        with open(os.path.join(model_folder(self), "weights.json")) as file:
            self.model = json.load(file)

    def process(self, data):
        try:
            pixels = read_pixels(data)
        except ValueError as error:
            return json.dumps({"error": str(error)}).encode(), 400
        scores = forward(self.model["layers"], [value / self.model["scale"] for value in pixels])
        digit = max(range(len(scores)), key=scores.__getitem__)
        confidence = 1 / sum(math.exp(score - scores[digit]) for score in scores)
        answer = {"digit": digit, "confidence": round(confidence, 4), "version": self.model["version"]}
        return json.dumps(answer).encode(), 200


if __name__ == "__main__":
    runner = DigitsProcessor(worker_threads=5)
    runner.run()
