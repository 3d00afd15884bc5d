"""AE and VAE on rows of features in torch.

    rows.py data=DIRECTORY model=ae|vae hidden=H latent=D batch=B epochs=E threads=T
"""
import time

from common import arguments, report_epochs, torch_ready

given = arguments()
torch = torch_ready(given["threads"])
import numpy as np

LEARNING_RATE = 0.01


def main():
    x = torch.from_numpy(np.load(given["data"] + "/nodes.npy"))
    rows, features = x.shape
    hidden, latent, variational = given["hidden"], given["latent"], given["model"] == "vae"
    encoder = torch.nn.Sequential(torch.nn.Linear(features, hidden), torch.nn.ReLU(),
                                  torch.nn.Linear(hidden, latent * (2 if variational else 1)))
    decoder = torch.nn.Sequential(torch.nn.Linear(latent, hidden), torch.nn.ReLU(),
                                  torch.nn.Linear(hidden, features))
    parameters = [*encoder.parameters(), *decoder.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=LEARNING_RATE, fused=True)
    losses, seconds = [], []
    for _ in range(given["epochs"]):
        begin = time.perf_counter()
        total = 0.0
        for index in torch.randperm(rows).split(given["batch"]):
            batch = x.index_select(0, index)
            optimizer.zero_grad()
            z, kl = encoder(batch), 0.0
            if variational:
                mu, log_std = z.chunk(2, dim=1)
                std = log_std.exp()
                z = torch.addcmul(mu, torch.randn_like(std), std)
                kl = -0.5 * (1 + 2 * log_std - mu.square() - std.square()).sum()
            loss = (torch.nn.functional.mse_loss(decoder(z), batch, reduction="sum") + kl) / len(batch)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        losses.append(total / rows)
        seconds.append(time.perf_counter() - begin)
    report_epochs(seconds, first_loss=losses[0], last_loss=losses[-1])


main()
