"""结对帮扶·爱心金川: the project package, that is composition and what every app stands on."""
