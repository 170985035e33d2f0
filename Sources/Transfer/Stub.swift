enum Transfer {}
