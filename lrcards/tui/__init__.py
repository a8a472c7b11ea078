"""How it looks: Textual screens and widgets; holds no rule about cards or rates."""
