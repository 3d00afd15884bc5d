"""The rate of a large float32 product in torch and in NumPy.   sgemm.py threads=T"""
import time

from common import arguments, report, torch_ready

given = arguments()
torch = torch_ready(given["threads"])

SIZE, TRIALS = 2048, 8


def rate(product):
    product()
    seconds = []
    for _ in range(TRIALS):
        begin = time.perf_counter()
        product()
        seconds.append(time.perf_counter() - begin)
    return 2 * SIZE ** 3 / min(seconds)


a = torch.rand(SIZE, SIZE)
out = torch.empty(SIZE, SIZE)
array, into = a.numpy(), out.numpy()
report(torch=rate(lambda: torch.mm(a, a, out=out)), numpy=rate(lambda: array.dot(array, into)))
