demo-note = 예시 방송이에요
demo-loading = 예시 페스타를 준비하고 있어요 …
demo-port-taken = { $port }번 포트를 다른 프로그램이 쓰고 있어요. 다른 번호로 열어 주세요: PORT={ $other } make demo
demo-open =
    골목이 열렸어요
      첫 화면        { $url }/
      지금 방송      { $url }/shows/{ $show }/
      판매자 화면    { $url }/studio/
      운영자 화면    { $url }/desk/
      시청자 { $viewer } · 판매자 { $merchant } · 운영자 { $organiser } · 비밀번호 { $password }
      Ctrl-C로 멈춰요.
demo-silent-key = 예시 방송은 더 보내지 않아요. 다른 화면이 이 방송을 이어받았거나 열쇠가 맞지 않아요 ({ $status }).
demo-silent-over = 이 방송은 끝났어요. make demo를 다시 실행하면 새 방송이 시작돼요.
demo-silent = 서버가 받지 않아서 예시 방송은 더 보내지 않아요: { $answer }
demo-gone-server = 서버가 멈춰서 모두 끝냈어요.
demo-gone-broadcaster = 예시 방송이 멈춰서 모두 끝냈어요.
demo-gone-crowd = 예시 시청자가 멈춰서 모두 끝냈어요.
demo-ended = 모두 멈췄어요.
