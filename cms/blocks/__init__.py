"""The blocks an editor composes a page from. Few, well named, each with a preview."""

from cms.blocks.body import BODY_BLOCKS, BodyBlock

__all__ = ["BODY_BLOCKS", "BodyBlock"]
