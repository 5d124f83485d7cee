cli-about = Golmok: live commerce for neighbourhood shops
cli-up = serve
cli-demo = serve the sample festa with a show on the air
cli-doctor = look at everything that is needed
cli-organiser = make the first organiser's account
cli-serving = Golmok answers at { $url } (Ctrl-C stops it)
cli-port-taken = Port { $port } is already in use. Stop what uses it, or choose another: PORT=8001
cli-port-free = { $port } is free
cli-disk = { $free } GB free in { $path }
cli-database = { $kind }, { $waiting } migrations waiting
cli-no-fonts = none found; build the front end first: npx vite build
cli-doctor-ffmpeg = ffmpeg
cli-doctor-disk = disk
cli-doctor-database = database
cli-doctor-pages = pages
cli-doctor-fonts = fonts
cli-doctor-port = port
cli-doctor-operator = operator
cli-doctor-done = { $sick ->
    [0] All is well.
    [one] One thing needs attention.
   *[other] { $sick } things need attention.
}
