"""A Python processor of PAI-EAS. The example model is a line, y = w * x + b; a request is whole numbers x, parted by
spaces, and the answer is their y. Replace initialize and process with your own."""
import os

import allspark


class LineProcessor(allspark.BaseProcessor):
    def initialize(self):
        """Called once, before the first request; what it raises stops the service from starting."""
        with open(os.path.join(self.get_model_path(), "weights.txt")) as model:
            self.w, self.b = [int(word) for word in model.read().split()]

    def process(self, data):
        """Called by several threads at once. Returns the answer and its status; what it raises becomes a 400."""
        answers = []
        for word in data.decode("utf-8").split():
            try:
                answers.append(str(self.w * int(word) + self.b))
            except ValueError:
                return ("not a whole number: " + word).encode("utf-8"), 400
        return " ".join(answers).encode("utf-8"), 200


if __name__ == "__main__":
    LineProcessor(worker_threads=5).run()
