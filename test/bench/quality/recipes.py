"""Recipes: what is given to vgae_train besides the data."""
RECIPES = {
    "vgae, defaults": "",
    "gae, defaults": "model => 'gae'",
    "vgae, linear": "hidden_dims => '{}'",
}
