"""Answers every request with its own body: the smallest Python processor of PAI-EAS."""
import allspark


class Echo(allspark.BaseProcessor):
    def process(self, data):
        return data, 200


if __name__ == "__main__":
    Echo(worker_threads=5).run()
