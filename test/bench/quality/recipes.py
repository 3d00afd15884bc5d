"""Recipes: what is given to vgae_train besides the data."""
BEST = "model => 'gae', hidden_dims => '{}', epochs => 400, patience => 100, "
RECIPES = {
    "vgae, defaults": "",
    "A": BEST + "latent_scale => 2, dropout => 0.5, edge_mask => 0.5",
    "B": BEST + "latent_scale => 2.5, dropout => 0.7, edge_mask => 0.5",
    "C": BEST + "latent_scale => 1.5, dropout => 0.5, edge_mask => 0.5",
    "D": BEST + "latent_scale => 2, dropout => 0, edge_mask => 0.5",
    "E": BEST + "latent_scale => 2, dropout => 0.5, edge_mask => 0",
    "A vgae": BEST.replace("gae'","vgae'") + "latent_scale => 2, dropout => 0.5, edge_mask => 0.5",
}
