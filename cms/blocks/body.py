"""The body of every page: the sum of our blocks."""

from wagtail import blocks

from cms.blocks.contact import ContactBlock
from cms.blocks.links import LinksBlock
from cms.blocks.media import DocumentsBlock, PictureBlock
from cms.blocks.text import NoticeBlock, QuestionsBlock, TextBlock


class BodyBlock(blocks.StreamBlock):
    text = TextBlock()
    picture = PictureBlock()
    notice = NoticeBlock()
    contact = ContactBlock()
    questions = QuestionsBlock()
    documents = DocumentsBlock()
    links = LinksBlock()

    class Meta:
        required = False
        block_counts = {"notice": {"max_num": 2}}


BODY_BLOCKS = BodyBlock()
