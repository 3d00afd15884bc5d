"""Recipes: what is given to vgae_train besides the data."""
BEST = "model => 'gae', hidden_dims => '{}', epochs => 400, patience => 100"
RECIPES = {
    "vgae, defaults": "",
    "best links": f"{BEST}, latent_scale => 2, dropout => 0.5, edge_mask => 0.5",
    "best links, large": f"{BEST}, latent_dim => 128, latent_scale => 3, dropout => 0.8, edge_mask => 0.7",
}
