"""fedkmeans on Flower: a ServerApp and a ClientApp that hand their messages to the program beside them."""
