# A Python processor for EAS. Try it on this machine:
#
#     ENV/bin/python app.py
#     curl -v http://127.0.0.1:8080/api/predict/service_name -d '2 105'
#
# A request is two integers, "x y". The answer tells whether the line y = w1 * x + w0 passes at or above the point:
# True (status 200), or False (status 400).
import allspark


class MyProcessor(allspark.BaseProcessor):
    def initialize(self):
        """Load the model here; it runs once, before the first request."""
        self.weights = (100, 2)

    def pre_process(self, data):
        """From the bytes of the request to numbers."""
        x, y = data.split()
        return int(x), int(y)

    def post_process(self, is_above):
        """From a result to the bytes and the status of the answer."""
        return (b"True", 200) if is_above else (b"False", 400)

    def process(self, data):
        """Called for every request, in worker_threads threads at once."""
        x, y = self.pre_process(data)
        w0, w1 = self.weights
        return self.post_process(w1 * x + w0 >= y)


if __name__ == "__main__":
    runner = MyProcessor(worker_threads=10)
    runner.run()
