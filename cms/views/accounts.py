def after_login(request):
    raise NotImplementedError
