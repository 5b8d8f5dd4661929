"""fedkmeans, federated k-means clustering: a program that runs on Node, in the folder `program` beside this file."""
