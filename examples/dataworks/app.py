"""Says what its model file says, then what it was sent."""
import os

import allspark


class Greeter(allspark.BaseProcessor):
    def initialize(self):
        with open(os.path.join(self.get_model_path(), "greeting.txt")) as file:
            self.greeting = file.read().strip()

    def process(self, data):
        return (self.greeting + " " + data.decode()).encode(), 200


if __name__ == "__main__":
    Greeter(worker_threads=2).run()
