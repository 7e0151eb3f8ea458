"""Addresses of the demo and of development only."""

from django.urls import path

from cms.views import demo_post

urlpatterns = [
    path("post/", demo_post.mail_list, name="demo_post"),
    path("post/<int:mail_id>/", demo_post.mail_detail, name="demo_post_mail"),
]
