demo-note = A sample show
demo-loading = Getting the sample festa ready …
demo-port-taken = Another program is using port { $port }. Choose another one: PORT={ $other } make demo
demo-open =
    Golmok is open
      home           { $url }/en/
      live now       { $url }/en/shows/{ $show }/
      studio         { $url }/studio/
      desk           { $url }/desk/
      viewer { $viewer } · merchant { $merchant } · organiser { $organiser } · password { $password }
      Ctrl-C to stop.
demo-silent-key = The sample broadcast sends no more: another screen took this show over, or the key is wrong ({ $status }).
demo-silent-over = This show is over. Run make demo again for a new one.
demo-silent = The server does not take it, so the sample broadcast sends no more: { $answer }
demo-gone-server = The server stopped, so everything was ended.
demo-gone-broadcaster = The sample broadcast stopped, so everything was ended.
demo-gone-crowd = The sample viewers stopped, so everything was ended.
demo-ended = Everything has stopped.
