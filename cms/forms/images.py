from wagtail.images.forms import BaseImageForm


class ImageForm(BaseImageForm):
    pass
